import { join } from "node:path";
import {
  isPropertyDeclaration,
  isPropertySignatureDeclaration,
  isTypeReferenceNode,
} from "typescript/unstable/ast/is";
import { API, SymbolFlags, TypeFlags } from "typescript/unstable/sync";
import type { Checker, Project, Symbol, Type } from "typescript/unstable/sync";
import { refTo } from "./schema.ts";
import type { Schema } from "./schema.ts";

interface Member {
  name: string;
  type: Type;
  /** The alias of ours that it was declared with: the compiler forgets those of plain unions. */
  alias: Symbol | undefined;
  isOptional: boolean;
  /** A number that need not be whole, by the tag `@fraction`: the wire knows few. */
  isFraction: boolean;
  description?: string;
}

/**
 * Reads types of the protocol, as the compiler understands them, into JSON Schema. Each type that has
 * a name becomes one of `schemas`.
 */
export class Forms {
  readonly schemas: Record<string, Schema> = {};
  readonly #api: API;
  readonly #project: Project;
  readonly #checker: Checker;
  readonly #root: string;

  /** `root`: the folder of the package. To be closed: it runs the compiler. */
  constructor(root: string) {
    this.#root = root;
    this.#api = new API({ cwd: root });
    const openProject = join(root, "tsconfig.build.json");
    this.#project = this.#api.updateSnapshot({ openProject }).getProjects()[0]!;
    this.#checker = this.#project.checker;
  }

  close(): void {
    this.#api.close();
  }

  /** A type or the type of a constant that a file of `src` exports. */
  exported(file: string, name: string): Type {
    const source = this.#project.program.getSourceFile(join(this.#root, "src", file));
    const module = source && this.#checker.getSymbolAtLocation(source);
    const symbol = module && this.#checker.getMemberInModuleExports(module, name);
    if (!symbol) throw new Error(`${file} exports no ${name}`);
    const isValue = (symbol.flags & SymbolFlags.Type) === 0;
    return isValue
      ? this.#checker.getTypeOfSymbol(symbol)!
      : this.#checker.getDeclaredTypeOfSymbol(symbol);
  }

  /** Members in the order in which they are declared. */
  members(type: Type): Member[] {
    return this.#checker.getPropertiesOfType(type).map((symbol) => ({
      name: symbol.name,
      type: this.#typeOf(symbol),
      alias: this.#aliasOf(symbol),
      isOptional: (symbol.flags & SymbolFlags.Optional) !== 0,
      isFraction: symbol.getJsDocTags(this.#checker).some(({ name }) => name === "fraction"),
      ...this.#wordsOf(symbol),
    }));
  }

  member(type: Type, name: string): Type {
    const symbol = this.#checker.getPropertyOfType(type, name);
    if (!symbol) throw new Error(`${this.#checker.typeToString(type)} has no ${name}`);
    return this.#typeOf(symbol);
  }

  /** A reference, where the type has a name. */
  schemaOf(type: Type): Schema {
    const symbol = this.#namedBy(type);
    return symbol ? this.#named(symbol, type) : this.#form(type);
  }

  #named(symbol: Symbol, type: Type): Schema {
    const { name } = symbol;
    if (!Object.hasOwn(this.schemas, name)) {
      // First, so that a type that holds itself ends.
      this.schemas[name] = {};
      this.schemas[name] = { ...this.#wordsOf(symbol), ...this.#form(type) };
    }
    return refTo(name);
  }

  /** What stands as a comment before a declaration. */
  #wordsOf(symbol: Symbol): { description?: string } {
    const text = symbol.getDocumentationComment(this.#checker);
    return text === "" ? {} : { description: text.replaceAll(/\s*\n\s*/g, " ") };
  }

  #isOurs(symbol: Symbol | undefined): boolean {
    const path = symbol?.declarations[0]?.path.toLowerCase() ?? "";
    return path.startsWith(join(this.#root, "src").toLowerCase());
  }

  #aliasOf(member: Symbol): Symbol | undefined {
    const node = member.declarations[0]?.resolve();
    if (!node || (!isPropertySignatureDeclaration(node) && !isPropertyDeclaration(node)))
      return undefined;
    if (!node.type || !isTypeReferenceNode(node.type) || node.type.typeArguments) return undefined;
    const symbol = this.#checker.getSymbolAtLocation(node.type.typeName);
    if (!symbol) return undefined;
    const isImport = (symbol.flags & SymbolFlags.Alias) !== 0;
    const named = isImport ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const isAlias = (named.flags & SymbolFlags.TypeAlias) !== 0;
    return isAlias && this.#isOurs(named) ? named : undefined;
  }

  #typeOf(symbol: Symbol): Type {
    return this.#checker.getTypeOfSymbol(symbol)!;
  }

  /** What gives a type its name: a class, an interface or an alias of ours, without parameters. */
  #namedBy(type: Type): Symbol | undefined {
    const alias = type.getAliasSymbol();
    if (alias) return type.getAliasTypeArguments().length === 0 ? alias : undefined;
    if (!type.isClassOrInterface()) return undefined;
    const symbol = type.getSymbol();
    return this.#isOurs(symbol) ? symbol : undefined;
  }

  #form(type: Type): Schema {
    const { flags } = type;
    if (flags & TypeFlags.String) return { type: "string" };
    if (flags & TypeFlags.Number) return { type: "integer" };
    if (flags & TypeFlags.Boolean) return { type: "boolean" };
    if (flags & TypeFlags.Null) return { type: "null" };
    if (type.isStringLiteralType()) return { type: "string", const: type.value };
    if (type.isBooleanLiteralType()) return { type: "boolean", const: type.value };
    // A bound that is fixed in the code is told as a number: another server may have another.
    if (type.isNumberLiteralType()) return { type: "integer", examples: [type.value] };
    if (type.isUnionType()) return this.#union(type.getTypes());
    if (type.isIntersectionType() && this.#isBranded(type.getTypes())) return { type: "string" };
    if (type.isObjectType() || type.isIntersectionType()) return this.#object(type);
    return { "x-unknown": this.#checker.typeToString(type) };
  }

  #isBranded(parts: readonly Type[]): boolean {
    return parts.some(({ flags }) => (flags & TypeFlags.String) !== 0);
  }

  #union(parts: readonly Type[]): Schema {
    const forms = parts
      .filter(({ flags }) => (flags & TypeFlags.Undefined) === 0)
      .map((part) => this.schemaOf(part));
    if (forms.length === 1) return forms[0]!;
    const values = forms.map((form) => form.const);
    if (values.every((value) => typeof value === "string")) return { type: "string", enum: values };
    if (values.every((value) => typeof value === "boolean")) return { type: "boolean" };
    return { anyOf: forms };
  }

  #object(type: Type): Schema {
    if (this.#checker.isArrayType(type) && type.isTypeReference()) {
      const [item] = this.#checker.getTypeArguments(type);
      return { type: "array", items: this.schemaOf(item!) };
    }
    if (type.getSymbol()?.name === "Uint8Array") return { type: "string", format: "binary" };
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    for (const { name, type: member, alias, description, ...is } of this.members(type)) {
      const form = alias
        ? this.#named(alias, this.#checker.getDeclaredTypeOfSymbol(alias))
        : this.schemaOf(member);
      if (is.isFraction) form.type = "number";
      properties[name] = description === undefined ? form : { description, ...form };
      if (!is.isOptional) required.push(name);
    }
    const rest = this.#checker.getIndexInfosOfType(type)[0]?.valueType;
    const hasRest = rest && (rest.flags & TypeFlags.Never) === 0;
    return {
      type: "object",
      ...(required.length > 0 ? { required } : {}),
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(hasRest ? { additionalProperties: this.schemaOf(rest) } : {}),
    };
  }
}
