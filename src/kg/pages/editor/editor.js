// The editor of the query page: CodeMirror in the place of the text area, which keeps the query for the form.
//
// It stands in a shadow root: there its styles are sheets that scripts make, which the page's policy allows, and no <style>.

import { autocompletion, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { HighlightStyle, bracketMatching, syntaxHighlighting } from "@codemirror/language"
import { setDiagnostics } from "@codemirror/lint"
import { EditorState, Prec } from "@codemirror/state"
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view"
import { tags } from "@lezer/highlight"
import { sparql } from "codemirror-lang-sparql"

const WORDS = [
  "PREFIX", "BASE", "SELECT", "DISTINCT", "CONSTRUCT", "DESCRIBE", "ASK", "FROM", "WHERE", "GRAPH", "OPTIONAL", "UNION", "MINUS",
  "FILTER", "BIND", "AS", "VALUES", "EXISTS", "NOT EXISTS", "GROUP BY", "HAVING", "ORDER BY", "DESC", "LIMIT", "OFFSET", "COUNT",
  "SUM", "MIN", "MAX", "SAMPLE", "GROUP_CONCAT", "BOUND", "COALESCE", "CONTAINS", "DATATYPE", "IF", "LANG", "LCASE", "REGEX",
  "STR", "STRSTARTS", "YEAR",
].map((label) => ({ label, type: "keyword", boost: -1 }))

const LONGEST = 6000

const looks = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--tint)", border: "1px solid var(--line)", borderRadius: ".25rem", fontSize: ".875rem" },
  "&.cm-focused": { outline: "none" }, // its host has one
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", minHeight: "14rem", maxHeight: "70vh" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".6rem 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--line) !important" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--line) 35%, transparent)" },
  ".cm-gutters": { color: "var(--soft)", backgroundColor: "transparent", border: "0" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--soft)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", textDecoration: "underline" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--line)", borderRadius: ".25rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--sans)", fontSize: ".9em", maxWidth: "min(36rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--link)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: ".8" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--ink) 1px", textUnderlineOffset: ".25em", backgroundColor: "var(--mark)" },
  ".cm-diagnostic-error": { borderLeft: "3px solid var(--ink)" },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, fontWeight: "600" },
  { tag: tags.variableName, color: "var(--link)" },
  { tag: [tags.string, tags.integer, tags.float, tags.bool], color: "var(--string)" },
  { tag: [tags.comment, tags.annotation], color: "var(--soft)" },
])

// What is typed over a selection is put in here: Chromium would dress it in the look of what it replaces, by a style
// attribute, which the policy forbids and the console tells of.
const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || event.data === null || view.composing || view.state.selection.main.empty) return false
    event.preventDefault()
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true })
    return true
  },
})

// Give what may follow: a prefix's declaration, a variable of the query, a word of SPARQL or a term that the release uses.
function completing({ prefixes, terms }) {
  const declared = (text, prefix) => new RegExp(`\\bprefix\\s+${prefix}:`, "i").test(text)
  const declarations = Object.entries(prefixes).map(([prefix, iri]) => ({
    label: `${prefix}:`, apply: `${prefix}: <${iri}>`, detail: iri, type: "namespace",
  }))
  // A term whose prefix the query does not declare brings the declaration with it.
  const term = ([label, type, detail]) => ({
    label, detail, type,
    apply(view, _completion, from, to) {
      const prefix = label.slice(0, label.indexOf(":"))
      const line = declared(view.state.doc.toString(), prefix) ? "" : `PREFIX ${prefix}: <${prefixes[prefix]}>\n`
      const changes = [{ from, to, insert: label }]
      if (line) changes.unshift({ from: 0, insert: line })
      view.dispatch({ changes, selection: { anchor: from + line.length + label.length } })
    },
  })
  const known = [...terms.map(term), ...WORDS]
  return (context) => {
    const prefix = context.matchBefore(/\bprefix\s+[\w-]*:?/i)
    if (prefix) return { from: prefix.from + prefix.text.search(/\s[\w-]*:?$/) + 1, options: declarations, validFor: /^[\w-]*:?$/ }
    const variable = context.matchBefore(/[?$]\w*/)
    if (variable) {
      const names = new Set(context.state.doc.toString().match(/[?$]\w+/g))
      names.delete(variable.text)
      return { from: variable.from, options: [...names].map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ }
    }
    const word = context.matchBefore(/[\w-]+:?[\w-]*/)
    if (!word && !context.explicit) return null
    return { from: word ? word.from : context.pos, options: known, validFor: /^[\w-]*:?[\w-]*$/ }
  }
}

// Give the mark of what the server found wrong, at the word that stands there.
function problem(doc, { line, column, message }) {
  const found = doc.line(Math.min(Number(line), doc.lines))
  const rest = Array.from(found.text).slice(0, Number(column) - 1).join("").length
  const from = Math.min(found.from + rest, found.to)
  const word = doc.sliceString(from, found.to).match(/^\S+/)
  return { from, to: from + (word ? word[0].length : 0), severity: "error", message }
}

function improve(area) {
  const form = area.form
  const host = document.createElement("div")
  host.className = "editor"
  area.before(host)
  const root = host.attachShadow({ mode: "open" })
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true) }])),
        lineNumbers(), history(), drawSelection(), bracketMatching(), highlightActiveLine(), EditorView.lineWrapping,
        sparql(), syntaxHighlighting(colours), looks, typing,
        autocompletion({ override: [completing(JSON.parse(document.getElementById("vocabulary").textContent))], icons: false }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]), // none of them takes Tab, which leads on
        EditorView.contentAttributes.of({ "aria-label": "Query, in SPARQL", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString()
        }),
      ],
    }),
  })
  form.addEventListener("submit", () => {
    form.method = area.value.length > LONGEST ? "post" : "get" // what no address holds
  })
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false
  area.hidden = true
  area.required = false // a field that is hidden cannot be pointed at
  for (const label of area.labels) label.addEventListener("click", () => view.focus())
  if (area.dataset.line) {
    const mark = problem(view.state.doc, area.dataset)
    view.dispatch(setDiagnostics(view.state, [mark]), { selection: { anchor: mark.from } })
  }
}

for (const area of document.querySelectorAll("textarea[data-editor]")) improve(area)
