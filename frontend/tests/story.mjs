// A journey told in steps: each says "ok" or what broke it, and the last line counts them, for build/test.mjs.

export class Story {
  #stage;
  #passed = 0;
  #failed = 0;
  /** The page that is looked at; it is photographed when a step breaks. */
  where;

  constructor(stage) {
    this.#stage = stage;
  }

  /** on goes on telling on another stage. */
  on(stage) {
    this.#stage = stage;
  }

  /** step runs a part of the story. What broke it ends the journey; what the pages complained of meanwhile only fails the step. */
  async step(name, run) {
    try {
      await run();
    } catch (e) {
      this.#failed++;
      console.log(`FAIL ${name}\n${e.stack}`);
      for (const p of this.#stage.problems) console.log(`  ${p}`);
      if (this.where)
        await this.#stage.shot(this.where, `failed-${this.#failed}`);
      throw e;
    }
    const complaints = this.#stage.problems.splice(0);
    if (complaints.length > 0) {
      this.#failed++;
      console.log(`FAIL ${name}\n  ${complaints.join("\n  ")}`);
    } else {
      this.#passed++;
      console.log(`ok   ${name}`);
    }
  }

  /** run tells the whole story and ends the process with its outcome. */
  async run(main) {
    try {
      await main();
    } catch (e) {
      if (this.#failed === 0) {
        this.#failed++;
        console.log(`FAIL\n${e.stack}`);
      }
    } finally {
      await this.#stage.close();
    }
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exit(this.#failed === 0 && this.#passed > 0 ? 0 : 1);
  }
}
