// Asks the endpoint ADDRESS with sparql-http-client, and prints what each of its clients gives as one JSON object.
// node ask.js ADDRESS GRAPH

import SimpleClient from 'sparql-http-client/SimpleClient.js'
import ParsingClient from 'sparql-http-client/ParsingClient.js'
import StreamClient from 'sparql-http-client'

const [address, graph] = process.argv.slice(2)
const select = 'SELECT ?c ?w WHERE { ?c <https://w3id.org/attest/ns#claimant> ?w } ORDER BY ?c ?w'
const construct = 'CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://schema.org/Place> ; ?p ?o }'
const given = {}

async function all (stream, shown) {
  const found = []
  for await (const each of stream) found.push(shown(each))
  return found
}

const row = bindings => Object.fromEntries(Object.entries(bindings).map(([name, term]) => [name, term.value]))
const triple = quad => [quad.subject.value, quad.predicate.value, quad.object.value, quad.object.language ?? '']

for (const operation of ['get', 'postUrlencoded', 'postDirect']) {
  const client = new StreamClient({ endpointUrl: address })
  given[operation] = {
    rows: await all(client.query.select(select, { operation }), row),
    triples: await all(client.query.construct(construct, { operation }), triple),
    truth: await client.query.ask('ASK { ?s ?p ?o }', { operation })
  }
}

const parsing = new ParsingClient({ endpointUrl: address })
given.parsed = { rows: (await parsing.query.select(select)).map(row), triples: [...await parsing.query.construct(construct)].map(triple) }

const simple = new SimpleClient({ endpointUrl: address })
const answer = await simple.query.select(`SELECT * WHERE { GRAPH <${graph}> { ?s a <https://schema.org/Event> } }`)
given.simple = { status: answer.status, type: answer.headers.get('content-type'), count: (await answer.json()).results.bindings.length }

given.refused = {}
for (const [name, attempt] of Object.entries({
  syntax: () => all(new StreamClient({ endpointUrl: address }).query.select('SELECT * WHERE {'), row),
  update: () => new StreamClient({ endpointUrl: address, updateUrl: address }).query.update('CLEAR ALL')
})) {
  try {
    await attempt()
    given.refused[name] = 'was done'
  } catch (error) {
    given.refused[name] = { status: error.status ?? 0, message: error.message }
  }
}

console.log(JSON.stringify(given))
