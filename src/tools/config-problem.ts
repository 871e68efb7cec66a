/** What is wrong with a configuration file, in words that name the file, the place and the repair. */
export class ConfigProblem extends Error {
  readonly type = 'Config.Invalid';
  readonly file: string;

  constructor(file: string, problem: string) {
    super(`${file}${problem.startsWith(':') ? '' : ': '}${problem}`);
    this.name = 'ConfigProblem';
    this.file = file;
  }
}
