declare module 'jstat' {
  const library: { readonly jStat: { readonly studentt: { inv(p: number, df: number): number } } };
  export default library;
}
