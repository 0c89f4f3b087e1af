// Markdown of a foreign hand into elements, never into HTML: what a model writes cannot become a tag, a script or a command.
// Raw HTML is shown as the text it is; links go through the host, which opens the web and mail and nothing else.

import type { ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { lexer, type Token, type Tokens } from "marked";
import { Code } from "./code.tsx";
import { send } from "./host.ts";

export const Markdown = memo(({ text }: { readonly text: string }) => (
  <div class="words">
    {lexer(text).map((token, i) => (
      <Block key={i} token={token} />
    ))}
  </div>
));

const Block = memo(
  ({ token }: { readonly token: Token }) => <>{block(token)}</>,
  (a, b) => a.token.raw === b.token.raw && a.token.type === b.token.type,
);

function block(token: Token): ComponentChildren {
  switch (token.type) {
    case "space":
      return null;
    case "heading":
      return <p class="strong">{inline(token.tokens)}</p>;
    case "code":
      return <Code text={(token as Tokens.Code).text} language={(token as Tokens.Code).lang ?? ""} />;
    case "list": {
      const { ordered, items, start } = token as Tokens.List;
      const entries = items.map((item, i) => <li key={i}>{item.tokens.map((child) => block(child))}</li>);
      return ordered ? <ol start={typeof start === "number" ? start : 1}>{entries}</ol> : <ul>{entries}</ul>;
    }
    case "blockquote":
      return <blockquote>{(token.tokens ?? []).map((child) => block(child))}</blockquote>;
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return (
        <div class="table">
          <table>
            <thead>
              <tr>
                {header.map((cell, i) => (
                  <th key={i}>{inline(cell.tokens)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                <tr key={i}>
                  {row.map((cell, k) => (
                    <td key={k}>{inline(cell.tokens)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    }
    case "hr":
      return <hr />;
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "text":
      return <span>{"tokens" in token && token.tokens ? inline(token.tokens) : plain(token)}</span>;
    default:
      return <p>{plain(token)}</p>;
  }
}

function inline(tokens: readonly Token[] | undefined): ComponentChildren {
  return (tokens ?? []).map((token, i) => <Inline key={i} token={token} />);
}

function Inline({ token }: { readonly token: Token }) {
  switch (token.type) {
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <Cited text={(token as Tokens.Codespan).text} />;
    case "br":
      return <br />;
    case "link": {
      const { href } = token as Tokens.Link;
      const safe = /^(?:https?|mailto):/i.test(href);
      return safe ? (
        <LinkButton title={href} onClick={() => send({ type: "link", href })}>
          {inline(token.tokens)}
        </LinkButton>
      ) : (
        <span>{inline(token.tokens)}</span>
      );
    }
    case "image":
      return <span class="quiet">{`[picture: ${(token as Tokens.Image).text || "without words"}]`}</span>;
    case "text":
    case "escape":
      return <Places text={plain(token)} />;
    default:
      return <>{plain(token)}</>;
  }
}

const plain = (token: Token): string => ("text" in token && typeof token.text === "string" ? token.text : token.raw);

const placePattern = /((?:[\w.@-]+\/)*[\w@-][\w.@-]*\.[A-Za-z]\w*):(\d+)/g;

/** Text in which `path:line` can be opened. */
export function Places({ text }: { readonly text: string }) {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(placePattern)) {
    const [whole, path = "", line = "1"] = match;
    parts.push(text.slice(from, match.index), <Place path={path} line={Number(line)} text={whole} />);
    from = match.index + whole.length;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}

/** A line of evidence or of a check: `code` as code, places as links, and no other Markdown. */
export function Said({ text }: { readonly text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <Cited key={i} text={part} /> : <Places key={i} text={part} />))}</>;
}

function Cited({ text }: { readonly text: string }) {
  const match = new RegExp(`^${placePattern.source}$`).exec(text);
  return match?.[1] ? <Place path={match[1]} line={Number(match[2])} text={text} /> : <code class="c">{text}</code>;
}

export function Place({ path, line, text }: { readonly path: string; readonly line?: number; readonly text: string }) {
  return (
    <LinkButton class="mono" title={`Open ${path}`} onClick={() => send({ type: "show", path, ...(line === undefined ? {} : { line }) })}>
      {text}
    </LinkButton>
  );
}

export function LinkButton({
  children,
  title,
  onClick,
  class: more,
}: {
  readonly children: ComponentChildren;
  readonly title?: string;
  readonly onClick: () => void;
  readonly class?: string;
}) {
  return (
    <button type="button" class={`go ${more ?? ""}`} {...(title === undefined ? {} : { title })} onClick={onClick}>
      {children}
    </button>
  );
}
