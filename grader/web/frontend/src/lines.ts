// A stream of bytes as lines, wherever the network has cut it.

export class Lines {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** The lines that this piece completes; an empty one is a sign of life. */
  feed(piece: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(piece, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines;
  }
}
