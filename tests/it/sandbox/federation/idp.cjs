// Identity providers that others wrote: `samlp` and `oidc-provider`. Each answer is one line of JSON.
// Usage: node idp.cjs key | node idp.cjs saml <in.json | node idp.cjs oidc ISSUER AUDIENCE
const { generateKeyPairSync } = require('node:crypto');
const { readFileSync } = require('node:fs');

// Libraries talk of their settings on stdout.
console.info = console.error;
const answer = (facts) => console.log(JSON.stringify(facts));

const ways = {
  // An RSA key, for which a certificate is made elsewhere.
  key() {
    const encoding = { type: 'pkcs8', format: 'pem' };
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: encoding });
    answer({ key: privateKey });
  },

  // The metadata, and a response whose assertion is signed, and one that is signed as a whole.
  saml() {
    const samlp = require('samlp');
    const { key, cert, attributes } = JSON.parse(readFileSync(0, 'utf8'));
    const issuer = 'https://saml.example.com/idp';
    const mapper = () => ({
      getClaims: () => attributes,
      getNameIdentifier: () => ({ nameIdentifier: 'james@example.com' }),
    });
    const options = {
      issuer, key, cert, profileMapper: mapper, lifetimeInSeconds: 300,
      signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256',
      audience: 'urn:amazon:webservices',
      recipient: 'https://signin.aws.amazon.com/saml', destination: 'https://signin.aws.amazon.com/saml',
    };
    const respond = (more) => new Promise((done, fail) => {
      samlp.getSamlResponse({ ...options, ...more }, {}, (error, xml) => (error ? fail(error) : done(xml)));
    });
    const base64 = (xml) => Buffer.from(xml).toString('base64');
    mapper.prototype = { metadata: [] };
    const request = { headers: { host: 'saml.example.com' }, protocol: 'https', originalUrl: '/idp' };
    const page = { set() {}, send: async (metadata) => answer({
      metadata,
      assertion: base64(await respond({})),
      whole: base64(await respond({ signAssertion: false, signResponse: true })),
    }) };
    samlp.metadata({ issuer, cert, profileMapper: mapper })(request, page);
  },

  // A signed token (RS256) that a client of a server on a free port was given, and the keys that the server publishes.
  async oidc(issuer, audience) {
    const { Provider } = await import(require.resolve('oidc-provider'));
    const resource = {
      audience, scope: '', accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'RS256' } },
    };
    const provider = new Provider(issuer, {
      clients: [{
        client_id: 'James', client_secret: 'secret', grant_types: ['client_credentials'],
        redirect_uris: [], response_types: [],
      }],
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: { enabled: true, getResourceServerInfo: () => resource },
      },
    });
    provider.proxy = true;
    const server = provider.listen(0, '127.0.0.1', async () => {
      const at = `http://127.0.0.1:${server.address().port}`;
      const headers = { 'x-forwarded-proto': 'https', authorization: `Basic ${btoa('James:secret')}` };
      const body = new URLSearchParams({ grant_type: 'client_credentials', resource: 'https://sts.example.com/' });
      const token = await (await fetch(`${at}/token`, { method: 'POST', headers, body })).json();
      const jwks = await (await fetch(`${at}/jwks`, { headers })).json();
      answer({ token: token.access_token, jwks });
      server.close();
      server.closeAllConnections();
    });
  },
};

const [, , way, ...words] = process.argv;
ways[way](...words);
