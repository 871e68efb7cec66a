import { existsSync } from 'node:fs';
import { storeFailure, writeDurably } from '../../src/store/durable-file.ts';

test.each(['ENOSPC', 'EDQUOT'])('%s is a full store, and says that what was stored is intact', (code) => {
  const failure = storeFailure('/store/blob', Object.assign(new Error('no space'), { code }));
  expect(failure).toMatchObject({ type: 'Store.Full', message: expect.stringContaining('intact') });
});

test.each(['EROFS', 'EACCES', 'EIO'])('%s is a store that cannot be written', (code) => {
  const failure = storeFailure('/store/blob', Object.assign(new Error('no'), { code }));
  expect(failure).toMatchObject({ type: 'Store.Unwritable', message: expect.stringContaining(code) });
});

// /dev/full answers every write with ENOSPC, but a temporary file beside it cannot be made: the folder is refused.
(existsSync('/proc/self') ? test : test.failing)('a folder of the kernel is refused, not waited for', async () => {
  await expect(writeDurably('/proc/self/blob', 'content')).rejects.toMatchObject({ type: 'Store.Unwritable' });
});
