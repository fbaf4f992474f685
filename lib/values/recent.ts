const MAX_KEPT = 8;

/** The values that were used last, a few of them: quicker than a map where few are used again and again. */
export class Recent<Value> {
  private readonly values: Value[] = [];
  private next = 0;

  /** The value of which something is true; undefined where it was not used lately. */
  find(is: (value: Value) => boolean): Value | undefined {
    for (const value of this.values) if (is(value)) return value;
    return undefined;
  }

  /** Keeps a value, in place of the one that was kept first. */
  add(value: Value): Value {
    this.values[this.next] = value;
    this.next = (this.next + 1) % MAX_KEPT;
    return value;
  }
}
