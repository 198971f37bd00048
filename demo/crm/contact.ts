// Owns what the demo CRM knows about one contact: its fields, and the rules a field must keep. Not where it is stored.

/** Fields of a contact by name, as sent. `External_Id__c` is the caller's id for it. */
export type ContactFields = Readonly<Record<string, unknown>>;

/** One contact as the CRM holds it. Times are ISO 8601 in UTC. */
export interface Contact {
  readonly id: string;
  readonly external_id: string;
  readonly fields: ContactFields;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Why one field of one row was refused. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
  readonly code: 'REQUIRED_FIELD_MISSING' | 'INVALID_EMAIL_ADDRESS' | 'STRING_TOO_LONG';
}

/** What became of one row of a call. */
export interface RowResult {
  readonly external_id: string | null;
  readonly status: 'created' | 'updated' | 'deleted' | 'not_found' | 'failed';
  readonly errors: readonly FieldFault[];
}

/** Longest text the CRM's Description__c column takes, in characters: the length of a classic CRM text field. */
const descriptionMaxLength = 255;

// Deliberately the plain rule of a CRM form: something, one @, a domain with a dot, no blanks.
const emailForm = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** The caller's id of a row as text, or null when it is missing, empty or neither text nor a number. */
export function externalIdOf(fields: ContactFields): string | null {
  const value = fields['External_Id__c'];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Faults of a contact as it would be stored, in the order a CRM reports them; empty when it may be stored. */
export function contactFaults(fields: ContactFields): FieldFault[] {
  const faults: FieldFault[] = [];
  if (externalIdOf(fields) === null) faults.push(missing('External_Id__c'));
  const email = fields['Email'];
  if (!isBlank(email) && !(typeof email === 'string' && emailForm.test(email))) {
    faults.push({ field: 'Email', message: 'Invalid email format', code: 'INVALID_EMAIL_ADDRESS' });
  }
  if (isBlank(fields['LastName'])) faults.push(missing('LastName'));
  const description = fields['Description__c'];
  // Array.from counts characters; .length would count an emoji twice.
  if (typeof description === 'string' && Array.from(description).length > descriptionMaxLength) {
    const message = `String exceeds max length (${descriptionMaxLength})`;
    faults.push({ field: 'Description__c', message, code: 'STRING_TOO_LONG' });
  }
  return faults;
}

function missing(field: string): FieldFault {
  return { field, message: 'Required field is null', code: 'REQUIRED_FIELD_MISSING' };
}

function isBlank(value: unknown): boolean {
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}
