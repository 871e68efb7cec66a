"""Writes a Llama of 130,000 random numbers as GGUF: it speaks the wire's language, not ours. Argument: the path."""
import sys

import gguf
import numpy as np

CONTEXT, WIDTH, HEADS, LAYERS, INNER = 4096, 64, 4, 2, 128
UNKNOWN, CONTROL, BYTE, NORMAL = 2, 3, 6, 1

random = np.random.default_rng(7)
written = gguf.GGUFWriter(sys.argv[1], "llama")


def weights(name, *shape):
    written.add_tensor(name, (random.standard_normal(shape) * 0.05).astype(np.float32))


def ones(name):
    written.add_tensor(name, np.ones(WIDTH, np.float32))


letters = ["\u2581"] + [chr(code) for code in range(33, 127)]
tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)] + letters
written.add_context_length(CONTEXT)
written.add_embedding_length(WIDTH)
written.add_block_count(LAYERS)
written.add_feed_forward_length(INNER)
written.add_head_count(HEADS)
written.add_head_count_kv(HEADS)
written.add_layer_norm_rms_eps(1e-5)
written.add_rope_dimension_count(WIDTH // HEADS)
written.add_vocab_size(len(tokens))
written.add_tokenizer_model("llama")
written.add_token_list(tokens)
written.add_token_scores([0.0] * len(tokens))
written.add_token_types([UNKNOWN, CONTROL, CONTROL] + [BYTE] * 256 + [NORMAL] * len(letters))
written.add_bos_token_id(1)
written.add_eos_token_id(2)
written.add_unk_token_id(0)
written.add_chat_template("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant:")

weights("token_embd.weight", len(tokens), WIDTH)
ones("output_norm.weight")
weights("output.weight", len(tokens), WIDTH)
for block in range(LAYERS):
    ones(f"blk.{block}.attn_norm.weight")
    ones(f"blk.{block}.ffn_norm.weight")
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        weights(f"blk.{block}.{part}.weight", WIDTH, WIDTH)
    weights(f"blk.{block}.ffn_gate.weight", INNER, WIDTH)
    weights(f"blk.{block}.ffn_up.weight", INNER, WIDTH)
    weights(f"blk.{block}.ffn_down.weight", WIDTH, INNER)

written.write_header_to_file()
written.write_kv_data_to_file()
written.write_tensors_to_file()
written.close()
