// The story through node:sqlite, a newer SQLite than most systems have.
//
//     node sqlite.js MODULE FILE FOLDER
'use strict'

const { DatabaseSync } = require('node:sqlite')
const story = require('./story.js')

function explain (error) {
  const parts = story.split(error.message)
  parts.code = error.errcode & 0xff
  return parts
}

async function main (module, file, folder) {
  const db = new DatabaseSync(file, { allowExtension: true })
  db.loadExtension(module)
  await story.tell(folder, '?', (sql, values) =>
    db.prepare(sql).all(...values).map(row => Object.values(row)), explain)
  db.close()
}

main(...process.argv.slice(2))
