import { readFileSync } from 'node:fs';

/** A package that is part of what runs: of a function, the page or the published package. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly license: string;
  /** Its folder. */
  readonly path: string;
}

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What the page is made of: its bundler takes packages that npm calls development dependencies. Types and tools are no part of it. */
const ofPage = /^(?!@types\/|typescript$|openapi-typescript$)/;

/** Every package that the dependencies of this project, of the page and of rds-data-local lead to, by name. */
export function shippedPackages(project: string): Package[] {
  const read = (file: string) => JSON.parse(readFileSync(`${project}/${file}`, 'utf8'));
  const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages;
  const page = read('web/package.json');
  const roots = [
    { from: '', names: Object.keys(read('package.json').dependencies) },
    { from: 'packages/rds-data-local', names: Object.keys(read('packages/rds-data-local/package.json').dependencies) },
    {
      from: 'web',
      names: Object.keys({ ...page.dependencies, ...page.devDependencies }).filter((name) => ofPage.test(name)),
    },
  ];
  const found = new Set<string>();
  const add = (from: string, name: string): void => {
    const path = resolved(locked, from, name);
    if (found.has(path)) return;
    found.add(path);
    for (const each of Object.keys(locked[path]?.dependencies ?? {})) add(path, each);
  };
  for (const { from, names } of roots) for (const name of names) add(from, name);
  return [...found]
    .map((path) => {
      const { version = '', license = 'unknown' } = locked[path] ?? {};
      return { name: path.slice(path.lastIndexOf('node_modules/') + 13), version, license, path };
    })
    .sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

/** Where Node.js finds a package: in the nearest folder `node_modules`. @throws Error when it is not in the lock file */
function resolved(locked: Readonly<Record<string, Locked>>, from: string, name: string): string {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const path = `${place}${place && '/'}node_modules/${name}`;
    if (locked[path]) return path;
    if (place === '')
      throw new Error(`${name}, which ${from || 'the project'} depends on, is not in package-lock.json`);
  }
}

/** The list as a page of the docs. */
export function licencesPage(packages: readonly Package[]): string {
  const byLicence = [...Map.groupBy(packages, ({ license }) => license)].sort(([, a], [, b]) => b.length - a.length);
  const rows = packages.map(({ name, version, license }) => `| ${name} | ${version} | ${license} |`);
  return `# Licences of what is shipped

\`npm run licences\` generated this page from package-lock.json: the ${packages.length} packages in the functions, the page and
[rds-data-local](../packages/rds-data-local/README.md). Tools for building and testing are not in it. The project itself is under the [MIT licence](../LICENSE).

${byLicence.map(([license, those]) => `${license}: ${those.length}`).join('; ')}.

| Package | Version | Licence |
| --- | --- | --- |
${rows.join('\n')}
`;
}
