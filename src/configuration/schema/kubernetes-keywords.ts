/** A CEL rule of a structural schema, and what is said when it does not hold. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
}

/** The keyword by which a schema carries CEL rules; `self` is the value it describes. */
export function rules(...list: readonly ValidationRule[]) {
  return { 'x-kubernetes-validations': list };
}

/** The same rule and message in every version. */
export const MIN_UP_TO_MAX: ValidationRule = {
  rule: 'self.minReplicas <= self.maxReplicas',
  message: 'minReplicas must be less than or equal to maxReplicas',
};

/** A type as a value that was parsed: nothing in it is changed in place. */
export type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;
