import { expect, test } from 'vitest';
import { startService } from '../../support/service.ts';

const { sql } = await startService();

/** Queries that list each kind of object in the catalog, one line each, in an order independent of the locale. */
const kinds: Readonly<Record<string, string>> = {
  tables: `
    SELECT format('%s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attcollation <> 0 AND co.collname <> 'default' THEN ' COLLATE ' || quote_ident(co.collname) ELSE '' END,
      CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END,
      CASE WHEN d.oid IS NULL THEN CASE WHEN a.attidentity <> '' THEN ' IDENTITY' ELSE '' END
           WHEN a.attgenerated <> '' THEN ' GENERATED AS (' || pg_get_expr(d.adbin, d.adrelid) || ')'
           ELSE ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END
      || CASE WHEN a.attstattarget = 0 THEN ' WITHOUT STATISTICS' ELSE '' END) AS line
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    LEFT JOIN pg_collation co ON co.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    ORDER BY c.relname COLLATE "C", a.attnum`,
  constraints: `
    SELECT format('%s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    ORDER BY conrelid::regclass::text COLLATE "C", conname COLLATE "C"`,
  indexes: `SELECT indexdef AS line FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexdef COLLATE "C"`,
  views: `SELECT format(E'%s AS\\n%s', viewname, definition) AS line FROM pg_views WHERE schemaname = 'public' ORDER BY viewname COLLATE "C"`,
  functions: `
    SELECT format('%s(%s) RETURNS %s, %s %s%s%s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname,
      CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
      CASE WHEN p.prosecdef THEN ' SECURITY DEFINER' ELSE '' END, coalesce(' SET ' || array_to_string(p.proconfig, ', '), '')) AS line
    FROM pg_proc p
    JOIN pg_language l ON l.oid = p.prolang
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY p.proname COLLATE "C"`,
  'grants to app': `
    SELECT format('%s ON %s', string_agg(privilege_type, ', ' ORDER BY privilege_type), table_name) AS line
    FROM information_schema.role_table_grants WHERE grantee = 'app' AND table_schema = 'public'
    GROUP BY table_name
    UNION ALL
    SELECT format('EXECUTE ON %s', p.proname)
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege('app', p.oid, 'EXECUTE')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1`,
};

test('the schema equals the committed catalog (to update: npx vitest run catalogue -u)', async () => {
  const sections: string[] = [];
  for (const [kind, query] of Object.entries(kinds)) {
    const lines = (await sql<{ line: string }>(query)).map(({ line }) => line);
    sections.push(`# ${kind}\n\n${lines.join('\n')}\n`);
  }
  await expect(sections.join('\n')).toMatchFileSnapshot('../../../functions/database/catalogue.txt');
});
