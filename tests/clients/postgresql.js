// The story through node's pg.
//
//     node postgresql.js FOLDER
'use strict'

const { Client } = require('pg')
const story = require('./story.js')

function explain (error) {
  return {
    message: error.message,
    code: error.code,
    detail: error.detail,
    hint: error.hint,
    constraint: error.constraint,
    place: story.placeOf(error.where)
  }
}

async function main (folder) {
  const client = new Client()
  await client.connect()
  await story.tell(folder, '$1', async (text, values) => {
    const result = await client.query({ text, values, rowMode: 'array' })
    return result.rows
  }, explain)
  await client.end()
}

main(process.argv[2])
