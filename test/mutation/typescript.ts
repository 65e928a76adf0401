import { parseAst } from 'vite';
import type { Mutant } from './mutant.ts';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const operators: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '<=': ['<'],
  '>': ['>=', '<'],
  '>=': ['>'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
};

const methods: ReadonlyMap<string, string> = new Map(
  Object.entries({
    min: 'max',
    max: 'min',
    ceil: 'floor',
    floor: 'ceil',
    some: 'every',
    every: 'some',
    findLast: 'find',
  }),
);

/** Methods without which the object is a valid value, too. */
const removable: ReadonlySet<string> = new Set(['filter', 'sort', 'toSorted', 'slice', 'reverse', 'toReversed']);

/** Mutants of TypeScript. Types, texts and imports are left alone: they decide nothing. */
export function mutantsOfTypeScript(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const replace = ({ start, end }: Pick<Node, 'start' | 'end'>, ...texts: readonly string[]) => {
    for (const text of texts) mutants.push({ start, end, text });
  };
  const textOf = ({ start, end }: Node) => source.slice(start, end);

  const visit = (node: Node): void => {
    const { test, left, right, argument, callee, expression } = node as Readonly<Record<string, Node>>;
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression': {
        if (!left || !right || [left, right].some(isText)) break;
        const operator = String(node.operator);
        const start = left.end + source.slice(left.end, right.start).indexOf(operator);
        replace({ start, end: start + operator.length }, ...(operators[operator] ?? []));
        break;
      }
      case 'ConditionalExpression':
      case 'IfStatement':
        if (test) replace(test, 'true', 'false');
        break;
      case 'WhileStatement':
      case 'DoWhileStatement':
        if (test) replace(test, 'false');
        break;
      case 'UnaryExpression':
        if (argument && ['!', '-'].includes(String(node.operator))) replace(node, textOf(argument));
        break;
      case 'Literal':
        if (typeof node.value === 'number') replace(node, String(node.value + 1));
        if (typeof node.value === 'boolean') replace(node, String(!node.value));
        break;
      case 'CallExpression': {
        const { object, property } = (callee ?? {}) as Readonly<Record<string, Node>>;
        const name = String(property?.name);
        if (!object || !property) break;
        const other = methods.get(name);
        if (other) replace(property, other);
        if (removable.has(name)) replace(node, textOf(object));
        break;
      }
      case 'ExpressionStatement':
        if (expression && expression.type !== 'Literal') replace(node, ';');
        break;
      case 'ContinueStatement':
        replace(node, ';');
        break;
    }
    for (const child of childrenOf(node)) visit(child);
  };
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node);
  return mutants.filter(({ start, end, text }) => source.slice(start, end) !== text);
}

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');

const expressions: ReadonlySet<string> = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression']);

function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flat()
    .filter((child): child is Node => typeof child === 'object' && child !== null && 'type' in child)
    .filter(({ type }) => (!type.startsWith('TS') || expressions.has(type)) && type !== 'ImportDeclaration');
}
