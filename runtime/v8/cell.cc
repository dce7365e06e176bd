// Cells: objects that no script sees, whose fields are values. Writing one cannot fail, whatever is pending.

#include "shim_internal.h"

using cleat::FromC;
using cleat::ToC;

CleatValue* cleat__cell(CleatEngine* engine) {
  if (engine->cells.IsEmpty()) {
    v8::Local<v8::ObjectTemplate> cells = v8::ObjectTemplate::New(engine->isolate);
    cells->SetInternalFieldCount(CLEAT_CELL_FIELDS);
    engine->cells.Reset(engine->isolate, cells);
  }
  return ToC(cleat::Borrow(engine->cells)->NewInstance(cleat::ContextOf(engine)));
}

CleatValue* cleat__cell_get(CleatValue* cell, int field) {
  return ToC(FromC<v8::Object>(cell)->GetInternalField(field));
}

void cleat__cell_set(CleatValue* cell, int field, CleatValue* value) {
  FromC<v8::Object>(cell)->SetInternalField(field, FromC(value));
}
