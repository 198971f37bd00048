import { contactFaults, externalIdOf } from '../../../demo/crm/contact';

const good = { External_Id__c: 'usr_1', Email: 'ada@example.com', LastName: 'Diaz', Description__c: 'Hello' };

const emailFault = { field: 'Email', message: 'Invalid email format', code: 'INVALID_EMAIL_ADDRESS' };
const lastNameFault = {
  field: 'LastName',
  message: 'Required field is null',
  code: 'REQUIRED_FIELD_MISSING',
};
const lengthFault = {
  field: 'Description__c',
  message: 'String exceeds max length (255)',
  code: 'STRING_TOO_LONG',
};

describe('the rules of a contact', () => {
  test.each([
    ['a whole contact', {}],
    ['no e-mail at all', { Email: null }],
    ['an empty e-mail, which a CRM takes for none', { Email: '' }],
    ['an address with a subdomain and a plus', { Email: "o'brien+crm@mail.example.co.uk" }],
    ['a description of exactly 255 characters', { Description__c: 'x'.repeat(255) }],
    ['255 characters that are more UTF-16 units', { Description__c: '📈'.repeat(255) }],
    ['a field the CRM has no rule for', { Anything__c: 12.5 }],
  ])('%s is accepted', (_, fields) => {
    expect(contactFaults({ ...good, ...fields })).toEqual([]);
  });

  test.each([
    'not-an-email',
    'sales@',
    '@example.com',
    'jo smith@example.com',
    'jo@example',
    'a@b@c.de',
    'a@b..c',
    7,
  ])('%p is no e-mail address', (email) => {
    expect(contactFaults({ ...good, Email: email })).toEqual([emailFault]);
  });

  test.each([null, undefined, '', '  '])('%p is no last name', (lastName) => {
    expect(contactFaults({ ...good, LastName: lastName })).toEqual([lastNameFault]);
  });

  test('a description of 256 characters is too long', () => {
    expect(contactFaults({ ...good, Description__c: 'x'.repeat(256) })).toEqual([lengthFault]);
  });

  test('every fault of a contact is told, in the order of the form', () => {
    const fields = { ...good, Email: 'n/a', LastName: null, Description__c: 'x'.repeat(300) };
    expect(contactFaults(fields)).toEqual([emailFault, lastNameFault, lengthFault]);
  });

  test('a number is a good external id, and an empty text is none', () => {
    expect(externalIdOf({ External_Id__c: 7 })).toBe('7');
    expect(externalIdOf({ External_Id__c: '' })).toBeNull();
    expect(externalIdOf({})).toBeNull();
  });
});
