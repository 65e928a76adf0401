/** A column's label, with a class where it needs one: `number` aligns it to the right. An empty label is a column without one. */
export type Column = string | readonly [label: string, className: string];

/** The head of a table. */
export const Head = ({ columns }: { readonly columns: readonly Column[] }) => (
  <thead>
    <tr>
      {columns.map((column) => {
        const [label, className] = typeof column === 'string' ? [column, undefined] : column;
        return label === '' ? (
          <td key={className ?? ''} className={className} />
        ) : (
          <th key={label} scope="col" className={className}>
            {label}
          </th>
        );
      })}
    </tr>
  </thead>
);
