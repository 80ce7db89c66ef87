// A long text as UTF-8 in slices: what is full goes to the client while the rest is still being written.

/** Small enough for memory that is used again and again, large enough that a list of a thousand pods is some thirty writes. */
const SLICE_BYTES = 96 * 1024;
/** UTF-8 of one UTF-16 code unit is no longer. */
const BYTES_PER_UNIT_MAX = 3;

export class TextSlices {
  #slice = Buffer.allocUnsafe(SLICE_BYTES);
  #used = 0;

  /** Gives back what was written before when there is no room for this text beside it. */
  add(text: string): Buffer | undefined {
    const bytesMax = text.length * BYTES_PER_UNIT_MAX;
    const full = bytesMax > this.#slice.length - this.#used ? this.take(bytesMax) : undefined;
    this.#used += this.#slice.write(text, this.#used);
    return full;
  }

  /** What was written since the last slice; goes on with room for so many bytes. */
  take(bytesMax = 0): Buffer {
    const full = this.#slice.subarray(0, this.#used);
    this.#slice = Buffer.allocUnsafe(Math.max(SLICE_BYTES, bytesMax));
    this.#used = 0;
    return full;
  }
}
