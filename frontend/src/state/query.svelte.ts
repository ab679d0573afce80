import { BridgeError } from "../bridge";
import { whenChanged } from "./changed";

/**
 * Something read from the program and read again when its scopes change. One read
 * is in flight at a time; what comes in meanwhile causes one more. After stop, an
 * answer still on its way is dropped.
 */
export class Query<T> {
  value = $state.raw<T>();
  error = $state.raw<BridgeError>();
  #read: () => Promise<T>;
  #unhear: () => void;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(read: () => Promise<T>, concerns: (scope: string) => boolean) {
    this.#read = read;
    this.#unhear = whenChanged(concerns, () => void this.refresh());
  }

  /** Reads now, or once more after the read that is under way; settles when what it asked for is read. */
  refresh(): Promise<void> {
    if (this.#running) this.#again = true;
    else this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    do {
      this.#again = false;
      try {
        const value = await this.#read();
        if (this.#stopped) return;
        this.value = value;
        this.error = undefined;
      } catch (e) {
        if (this.#stopped) return;
        this.error =
          e instanceof BridgeError ? e : new BridgeError("bridge", String(e));
      }
    } while (this.#again);
    this.#running = undefined;
  }

  /** Ends it: the screen was left. */
  stop() {
    this.#stopped = true;
    this.#unhear();
  }
}
