import { storeFailure } from '../../src/store/store-file.ts';

test.each(['ENOSPC', 'EDQUOT'])('%s is a full store, and says that what was stored is intact', (code) => {
  const failure = storeFailure('/store/blob', Object.assign(new Error('no space'), { code }));
  expect(failure).toMatchObject({ type: 'Store.Full', message: expect.stringContaining('intact') });
});

test.each(['EROFS', 'EACCES', 'EIO'])('%s is a store that cannot be written', (code) => {
  const failure = storeFailure('/store/blob', Object.assign(new Error('no'), { code }));
  expect(failure).toMatchObject({ type: 'Store.Unwritable', message: expect.stringContaining(code) });
});
