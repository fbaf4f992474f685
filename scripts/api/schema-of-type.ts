import path from 'node:path';
import ts from 'typescript';

export type JsonSchema = Record<string, unknown>;

/** The entry of the contract for one endpoint. */
export interface ContractEntry {
  description: string;
  query: JsonSchema | null;
  body: JsonSchema | null;
  answer: JsonSchema;
}

/** Every endpoint of the contract, and the types that they share by their names. */
export interface Contract {
  endpoints: ReadonlyMap<string, ContractEntry>;
  /** In the order of their names. */
  types: ReadonlyMap<string, JsonSchema>;
}

/** Types of these files get schemas by name; types of libraries are described inline. */
const OWN_TYPES = `${path.resolve('lib')}${path.sep}`;

/** The workers add what they report to a type of the contract. */
const REGISTRY = 'lib/workers/registry.ts';

/** Reads `lib/contract/api.ts` with the compiler and turns its types into JSON Schema (2020-12). */
export function readContract(): Contract {
  const root = path.resolve('lib/contract/api.ts');
  const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
  const program = ts.createProgram([root, REGISTRY], { ...options, incremental: false });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(root);
  const declaration = file?.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === 'Api',
  );
  if (!declaration) throw new Error('lib/contract/api.ts has no interface Api');
  const writer = new SchemaWriter(checker);
  const endpoints = new Map<string, ContractEntry>();
  for (const symbol of checker.getPropertiesOfType(checker.getTypeAtLocation(declaration))) {
    const parts = new Map(
      checker
        .getPropertiesOfType(checker.getTypeOfSymbol(symbol))
        .map((part) => [part.name, checker.getTypeOfSymbol(part)]),
    );
    const schemaOf = (name: string): JsonSchema | null => {
      const type = parts.get(name);
      return type ? writer.schemaOf(type) : null;
    };
    const query = parts.get('query');
    endpoints.set(symbol.name, {
      description: writer.commentOf(symbol) ?? '',
      // Fields of a query are parameters, each by itself.
      query: query ? writer.objectOf(query) : null,
      body: schemaOf('body'),
      answer: schemaOf('answer') ?? {},
    });
  }
  return { endpoints, types: new Map([...writer.named].toSorted(([a], [b]) => (a < b ? -1 : 1))) };
}

class SchemaWriter {
  readonly named = new Map<string, JsonSchema>();

  constructor(private readonly checker: ts.TypeChecker) {}

  /** A type that has a name of its own in lib/ becomes a reference. */
  schemaOf(type: ts.Type): JsonSchema {
    const symbol = type.aliasSymbol ?? (type.isClassOrInterface() ? type.symbol : undefined);
    const declaration = symbol?.declarations?.[0];
    const isGeneric = (type.aliasTypeArguments?.length ?? 0) > 0;
    if (!symbol || !declaration || isGeneric || !isOwn(declaration)) return this.bare(type);
    if (!this.named.has(symbol.name)) {
      // Entered before it is complete: a type may contain itself.
      const schema: JsonSchema = {};
      this.named.set(symbol.name, schema);
      Object.assign(schema, this.described(symbol), this.bare(type));
    }
    return { $ref: `#/components/schemas/${symbol.name}` };
  }

  commentOf(symbol: ts.Symbol): string | null {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker)).replace(/\s+/g, ' ');
    return text.trim() || null;
  }

  /** The fields of a type as an object, without a reference. */
  objectOf(type: ts.Type): JsonSchema {
    const index = type.getStringIndexType();
    const properties: Record<string, JsonSchema> = {};
    const required: string[] = [];
    for (const property of this.checker.getPropertiesOfType(type)) {
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const own = this.checker.getTypeOfSymbol(property);
      const schema = this.schemaOf(isOptional ? this.checker.getNonNullableType(own) : own);
      // `field?: X | null` loses its null above.
      const isNullable = isOptional && own.isUnion() && own.types.some(isNull);
      properties[property.name] = {
        ...this.described(property),
        ...(isNullable ? { anyOf: [schema, { type: 'null' }] } : schema),
      };
      if (!isOptional) required.push(property.name);
    }
    return {
      type: 'object',
      ...(Object.keys(properties).length > 0 ? { properties } : {}),
      ...(required.length > 0 ? { required } : {}),
      ...(index && !(index.flags & ts.TypeFlags.Never) ? { additionalProperties: this.schemaOf(index) } : {}),
    };
  }

  private described(symbol: ts.Symbol): { description?: string } {
    const description = this.commentOf(symbol);
    return description === null ? {} : { description };
  }

  private bare(type: ts.Type): JsonSchema {
    if (type.isUnion()) return this.union(type);
    if (type.isStringLiteral()) return { type: 'string', const: type.value };
    if (type.isNumberLiteral()) return { type: 'number', const: type.value };
    if (type.flags & ts.TypeFlags.BooleanLiteral)
      return { type: 'boolean', const: this.checker.typeToString(type) === 'true' };
    if (isNull(type)) return { type: 'null' };
    if (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.TemplateLiteral)) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & ts.TypeFlags.Boolean) return { type: 'boolean' };
    if (this.checker.isTupleType(type)) {
      const items = this.checker.getTypeArguments(type as ts.TypeReference);
      return {
        type: 'array',
        prefixItems: items.map((item) => this.schemaOf(item)),
        minItems: items.length,
        maxItems: items.length,
      };
    }
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      return { type: 'array', items: item ? this.schemaOf(item) : {} };
    }
    if (type.symbol?.name === 'Blob') return { type: 'string', format: 'binary' };
    return this.objectOf(type);
  }

  private union(type: ts.UnionType): JsonSchema {
    const isNullable = type.types.some(isNull);
    const rest = type.types.filter((part) => !isNull(part) && !(part.flags & ts.TypeFlags.Undefined));
    if (rest.every((part) => part.isStringLiteral())) {
      // The compiler has them in the order in which it met them first, which other files decide.
      const values = rest.map((part) => part.value).sort();
      return isNullable
        ? { type: ['string', 'null'], enum: [...values, null] }
        : { type: 'string', enum: values };
    }
    const isBoolean = rest.length === 2 && rest.every((part) => part.flags & ts.TypeFlags.BooleanLiteral);
    const parts = isBoolean
      ? [{ type: 'boolean' }]
      : rest
          .map((part) => this.schemaOf(part))
          .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const all = isNullable ? [...parts, { type: 'null' }] : parts;
    return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
  }
}

function isNull(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Null) !== 0;
}

function isOwn(declaration: ts.Declaration): boolean {
  return path.resolve(declaration.getSourceFile().fileName).startsWith(OWN_TYPES);
}
