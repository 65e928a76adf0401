/** A value that is made when it is first asked for, and kept: what is dear and not always needed is no part of a cold start. */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
