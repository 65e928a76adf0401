/** The identities that SES may have verified for an address, the most specific first: itself, its domain, and the domains above that.
 *  @example identitiesOf('reports@mail.example.com') // ['reports@mail.example.com', 'mail.example.com', 'example.com'] */
export function identitiesOf(address: string): readonly string[] {
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  const domains = labels.slice(0, -1).map((_, i) => labels.slice(i).join('.'));
  return [address, ...domains];
}
