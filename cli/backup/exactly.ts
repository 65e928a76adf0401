/** A number with its original digits. TypeScript does not have the types of these JSON functions yet. */
interface RawJson {
  readonly rawJSON: string;
}
export const { rawJSON, isRawJSON } = JSON as typeof JSON & {
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
};

/** Parses a row without rounding its numbers. */
export const exactly = (text: string): Record<string, unknown> =>
  JSON.parse(text, (_key, value, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? rawJSON(context.source) : value,
  );
