// Reads a flowchart as Mermaid does, and prints what it shows: a line of JSON with the texts of its nodes and arrows.
// Usage: node mermaid.mjs NODE_MODULES < FLOWCHART
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';

const modules = process.argv[2];
const { JSDOM } = createRequire(`${modules}/`)('jsdom');
globalThis.window = new JSDOM('').window;
globalThis.document = globalThis.window.document;
const { default: mermaid } = await import(pathToFileURL(`${modules}/mermaid/dist/mermaid.core.mjs`));

const flowchart = await text(process.stdin);
// (This makes it learn its languages, too.)
await mermaid.parse(flowchart);
const { db } = await mermaid.mermaidAPI.getDiagramFromText(flowchart);
// Until it is drawn, a character that was written as a number is kept between these signs.
const shown = (label) => label.replace(/ﬂ°°(\d+)¶ß/g, (_, number) => String.fromCodePoint(number));
const nodes = [...db.getVertices().values()].map((node) => shown(node.text));
const arrows = db.getEdges().map((edge) => shown(edge.text));
console.log(JSON.stringify({ nodes, arrows }));
