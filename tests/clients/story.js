// story.py for node; the same output.
'use strict'

const fs = require('fs')

const fields = ['message', 'code', 'detail', 'hint', 'constraint', 'place']

function read (name) {
  return fs.readFileSync(name, 'utf8')
}

function values (folder) {
  return {
    '@two@': read(`${folder}/20260101_000000_people.sql`) +
      read(`${folder}/20260102_000000_letters.sql`),
    '@wrong@': read(`${folder}/wrong.txt`),
    '@folder@': folder
  }
}

exports.placeOf = context => (context || '').trim().split('\n').pop()

exports.split = text => {
  const lines = text.split('\n')
  const parts = { message: lines.shift() }
  for (const line of lines) {
    const at = line.indexOf(':')
    parts[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim()
  }
  parts.place = parts.context
  return parts
}

// run(sql, values) returns rows, or a promise of them: arrays of cells.
exports.tell = async (folder, mark, run, explain) => {
  const known = values(folder)
  const lines = read(`${__dirname}/story.txt`).trimEnd().split('\n')
  for (let i = 0; i + 1 < lines.length; i += 2) {
    console.log(`* ${lines[i]}`)
    const names = lines[i + 1].match(/@[a-z]+@/g) || []
    try {
      const rows = await run(lines[i + 1].replace(/@[a-z]+@/g, mark),
        names.map(name => known[name]))
      for (const row of rows) console.log(row.join(' '))
    } catch (error) {
      const parts = explain(error)
      for (const name of fields) {
        if (parts[name]) console.log(`${name}: ${parts[name]}`)
      }
    }
  }
}
