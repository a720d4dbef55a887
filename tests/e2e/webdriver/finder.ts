// The ways to find elements that pages, frames and locators have in common.

import { syntax } from "./playwright";

type Text = string | RegExp;
type Exact = { exact?: boolean };

export interface RoleOptions extends Exact {
  name?: Text;
  [attribute: string]: unknown;
}

/** A locator, as a part of another. */
export interface Selected {
  readonly _selector: string;
}

export interface Filter {
  hasText?: Text;
  hasNotText?: Text;
  has?: Selected;
  hasNot?: Selected;
  visible?: boolean;
}

const ATTRIBUTES: Record<string, string> = {
  checked: "checked",
  disabled: "disabled",
  selected: "selected",
  expanded: "expanded",
  includeHidden: "include-hidden",
  level: "level",
  pressed: "pressed",
};

function role(name: string, options: RoleOptions = {}): string {
  const given = Object.entries(ATTRIBUTES).filter(([key]) => options[key] !== undefined);
  const attributes = given.map(([key, attribute]) => `[${attribute}=${options[key]}]`);
  if (options.name !== undefined) attributes.push(`[name=${syntax.escapeForAttributeSelector(options.name, options.exact === true)}]`);
  return `internal:role=${name}${attributes.join("")}`;
}

/** The selector, narrowed to elements that pass the filter. */
export function narrowed(selector: string, { hasText, hasNotText, has, hasNot, visible }: Filter = {}): string {
  const parts = [
    selector,
    hasText !== undefined && `internal:has-text=${syntax.escapeForTextSelector(hasText, false)}`,
    hasNotText !== undefined && `internal:has-not-text=${syntax.escapeForTextSelector(hasNotText, false)}`,
    has && `internal:has=${JSON.stringify(has._selector)}`,
    hasNot && `internal:has-not=${JSON.stringify(hasNot._selector)}`,
    visible !== undefined && `visible=${visible}`,
  ];
  return parts.filter(Boolean).join(" >> ");
}

export abstract class Finder<Locator> {
  /** What a selector finds here. */
  protected abstract find(selector: string): Locator;

  locator(selector: string | Selected, filter?: Filter): Locator {
    return this.find(narrowed(typeof selector === "string" ? selector : `internal:chain=${JSON.stringify(selector._selector)}`, filter));
  }

  getByRole(name: string, options?: RoleOptions): Locator {
    return this.find(role(name, options));
  }

  getByLabel(text: Text, { exact = false }: Exact = {}): Locator {
    return this.find(`internal:label=${syntax.escapeForTextSelector(text, exact)}`);
  }

  getByText(text: Text, { exact = false }: Exact = {}): Locator {
    return this.find(`internal:text=${syntax.escapeForTextSelector(text, exact)}`);
  }

  getByTitle(text: Text, { exact = false }: Exact = {}): Locator {
    return this.find(`internal:attr=[title=${syntax.escapeForAttributeSelector(text, exact)}]`);
  }
}
