/** The lines of a text. They end with a line feed: JSON strings may have Unicode's other line ends.
 *  @param most characters of a line @param tooLong the error when one has more */
export async function* linesOf(
  text: AsyncIterable<string>,
  most: number,
  tooLong: () => Error,
): AsyncGenerator<string> {
  let begun = '';
  for await (const chunk of text) {
    const [end = '', ...lines] = chunk.split('\n');
    if (begun.length + end.length > most) throw tooLong();
    begun += end;
    for (const line of lines) {
      yield begun;
      begun = line;
    }
  }
  yield begun;
}
