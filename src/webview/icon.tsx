// An icon of VS Code's own set. Never alone: the word beside it, or `says` for screen readers, tells the state too.

export interface IconProps {
  readonly name: string;
  readonly tone?: "you" | "live" | "good" | "bad" | "learnt" | "quiet" | undefined;
  readonly small?: true;
  readonly spin?: boolean;
  readonly says?: string;
  readonly class?: string;
}

export function Icon({ name, tone, small, spin, says, class: more }: IconProps) {
  const classes = ["i codicon", `codicon-${name}`, tone, small && "s", spin && "spin", more].filter(Boolean).join(" ");
  return (
    <>
      <i class={classes} aria-hidden="true" />
      {says === undefined ? null : <span class="sr">{says}</span>}
    </>
  );
}

export interface ToolProps {
  readonly icon: string;
  readonly title: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

export function ToolButton({ icon, title, onClick, disabled = false }: ToolProps) {
  return (
    <button type="button" class="tool" title={title} aria-label={title} onClick={onClick} disabled={disabled}>
      <Icon name={icon} />
    </button>
  );
}
