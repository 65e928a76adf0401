/** Creates a value on first use and keeps it. Keeps expensive values that are not always needed out of the cold start. */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
