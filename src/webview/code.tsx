// A piece of code with its colours, and what a person does with code: copy it, or put it where the cursor is.
// highlight.js escapes what it is given; its output is the only HTML this page ever sets, through one Trusted Types policy.

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import go from "highlight.js/lib/languages/go";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import rust from "highlight.js/lib/languages/rust";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";
import { useEffect, useRef } from "preact/hooks";
import { send } from "./host.ts";
import { ToolButton } from "./icon.tsx";

const languages = { bash, css, diff, go, java, javascript, json, python, rust, typescript, xml, yaml };
const mostChars = 50_000;
let ready = false;
let policy: { createHTML(text: string): unknown } | undefined;

function prepare(): void {
  if (ready) return;
  ready = true;
  for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
  const types = (window as { trustedTypes?: { createPolicy(name: string, rules: { createHTML(text: string): string }): typeof policy } })
    .trustedTypes;
  policy = types?.createPolicy("proviso", { createHTML: (text) => text });
}

export function Code({ text, language }: { readonly text: string; readonly language: string }) {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    prepare();
    const name = language.split(/\s/)[0] ?? "";
    if (!element.current || text.length > mostChars || !hljs.getLanguage(name)) return;
    const { value } = hljs.highlight(text, { language: name, ignoreIllegals: true });
    element.current.innerHTML = (policy ? policy.createHTML(value) : value) as string;
  }, [text, language]);
  return (
    <figure class="code">
      <figcaption class="row">
        <span class="label">{language || "text"}</span>
        <span class="push row">
          <ToolButton icon="copy" title="Copy" onClick={() => send({ type: "copy", text })} />
          <ToolButton icon="insert" title="Insert at the cursor" onClick={() => send({ type: "insert", text })} />
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} aria-label={`Code${language ? `, ${language}` : ""}`}>
        <code key={text} ref={element}>
          {text}
        </code>
      </pre>
    </figure>
  );
}
