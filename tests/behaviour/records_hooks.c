// The hooks of records.idl: they give back what they are given.
#include "types.h"

CleatLongRecord records_longs(CleatLongRecord values) { return values; }
CleatStringRecord records_strings(CleatStringRecord values) { return values; }
CleatByteStringRecord records_bytes(CleatByteStringRecord values) { return values; }
CleatDoubleSequenceRecordRecord records_nested(CleatDoubleSequenceRecordRecord values) { return values; }
CleatOptionalValueRecord records_or_null(CleatOptionalValueRecord values) { return values; }
Request records_request(const Request* request) { return *request; }
void records_later(CleatStringRecord values, TypesStringRecordPromise* promise) {
  types_string_record_promise_resolve(promise, values);
}
CleatDoubleRecord records_blocked(CleatDoubleRecord values) { return values; }
