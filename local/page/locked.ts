/** What someone without the token sees. A link from a mail comes from another site, whose first request carries no cookie: the page then
 *  asks once more from here. */
export const lockedPage = (isAgain: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
${isAgain ? '' : '<meta http-equiv="refresh" content="0;url=/?again">\n'}<title>Strategy snapshots</title>
</head>
<body>
<main>
<h1>This page needs its key</h1>
<p>Open the whole address that the terminal printed when the service started. It ends in a token, which is new at each start.</p>
</main>
</body>
</html>
`;
