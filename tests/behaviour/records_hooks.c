// The hooks of records.idl: they give back what they are given.
#include "types.h"

Tree records_tree(const Tree* tree) { return *tree; }
void records_grown(const Tree* tree, TreePromise* promise) { tree_promise_resolve(promise, tree); }
int32_t records_counted(const Tree* tree) {
  int32_t count = tree->opposite == NULL ? 1 : 1 + records_counted(tree->opposite);
  for (size_t i = 0; tree->has_children && i < tree->children.length; i++) {
    count += records_counted(&tree->children.items[i]);
  }
  return count;
}

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
