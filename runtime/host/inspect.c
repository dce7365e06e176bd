// Objects as text: what they are, and what stands around their entries. Reads them by the functions of the shim that
// run no JavaScript.

#include "host/inspect.h"

#include <stdio.h>
#include <string.h>

#include "host/inspector.h"

enum {
  kMostLevels = 60,   // of objects in objects, whatever the style says: they cost the C stack
  kLevelsOfLine = 3,  // of objects in objects on one line
};

// From this many bytes on, objects in objects are abbreviated: shared parts can be printed exponentially often.
static const size_t kMostBytes = 16 << 20;

// An object that is being printed, and those it is in.
struct Ancestor {
  CleatValue* object;
  const Ancestor* outer;
  int* reference;  // its number as in <ref *1>, or 0
};

static bool is_called(const Subject* subject, const char* name) {
  const CleatInspectName* own = &subject->name;
  return !own->null_prototype && own->tag.length == 0 && own->name.length > 0 && strcmp(own->name.data, name) == 0;
}

static void look_at(Inspector* inspector, CleatValue* object, Subject* subject) {
  CleatEngine* engine = inspector->engine;
  *subject = (Subject){.object = object, .shape = cleat__shape(object)};
  cleat__inspect_name(engine, object, &subject->name);
  bool has_indices = true;
  switch (subject->shape) {
    case CLEAT_SHAPE_ARRAY:
      subject->size = cleat__array_length(object);
      has_indices = false;
      break;
    case CLEAT_SHAPE_TYPED_ARRAY: {
      size_t bytes;
      size_t offset;
      CleatValue* buffer;
      subject->size = cleat__view_extent(engine, object, &bytes, &offset, &buffer);
      has_indices = false;
      break;
    }
    case CLEAT_SHAPE_ARGUMENTS: {
      CleatProperty length;
      if (cleat__own_property(engine, object, cleat__interned(engine, "length"), &length) && length.value != NULL &&
          cleat__is_int32(length.value) && cleat__int32_value(length.value) > 0) {
        subject->size = (size_t)cleat__int32_value(length.value);
      }
      has_indices = false;
      break;
    }
    case CLEAT_SHAPE_BOXED:
      has_indices = false;
      break;
    case CLEAT_SHAPE_MAP:
    case CLEAT_SHAPE_SET:
    case CLEAT_SHAPE_MAP_ITERATOR:
    case CLEAT_SHAPE_SET_ITERATOR:
      subject->entries = cleat__preview(engine, object, &subject->pairs);
      if (subject->entries != NULL) subject->size = cleat__array_length(subject->entries) / (subject->pairs ? 2 : 1);
      break;
    default:
      break;
  }
  subject->keys = cleat__own_names(engine, object, has_indices);
}

static void add_boxed(Inspector* inspector, const Subject* subject, CleatText* out) {
  CleatValue* primitive = cleat__unboxed(inspector->engine, subject->object);
  cleat__text_add_c(out, "[");
  cleat__inspect_title(&subject->name, "", out);
  cleat__text_add_c(out, ": ");
  cleat__inspect_primitive(inspector->engine, primitive, &inspector->style, out);
  cleat__text_add_c(out, "]");
}

static void add_regexp(Inspector* inspector, CleatValue* regexp, CleatText* out) {
  char flags[16] = "";
  CleatValue* source = cleat__regexp_source(inspector->engine, regexp, flags);
  cleat__text_add_c(out, "/");
  if (source != NULL) cleat__text_add_value(out, inspector->engine, source, true);
  cleat__text_print(out, "/%s", flags);
}

// Adds what stands for the whole of an object that is more than its properties; nothing for others.
static void add_base(Inspector* inspector, const Subject* subject, CleatText* out) {
  switch (subject->shape) {
    case CLEAT_SHAPE_FUNCTION:
      cleat__inspect_function(inspector->engine, subject->object, out);
      break;
    case CLEAT_SHAPE_ERROR:
      cleat__inspect_error(inspector->engine, subject->object, &subject->name, inspector->style.indentation, out);
      break;
    case CLEAT_SHAPE_DATE:
      cleat__inspect_date(cleat__date_value(subject->object), out);
      break;
    case CLEAT_SHAPE_REGEXP:
      add_regexp(inspector, subject->object, out);
      break;
    case CLEAT_SHAPE_BOXED:
      add_boxed(inspector, subject, out);
      break;
    default:
      break;
  }
}

static void set_braces(const Subject* subject, CleatLayout* layout) {
  bool is_array = subject->shape == CLEAT_SHAPE_ARRAY || subject->shape == CLEAT_SHAPE_TYPED_ARRAY ||
                  subject->shape == CLEAT_SHAPE_ARGUMENTS;
  char size[32] = "";
  layout->close = is_array ? "]" : "}";
  switch (subject->shape) {
    case CLEAT_SHAPE_MAP_ITERATOR:
    case CLEAT_SHAPE_SET_ITERATOR:
      cleat__text_print(&layout->open, "[%s %s] ", subject->shape == CLEAT_SHAPE_MAP_ITERATOR ? "Map" : "Set",
                        subject->pairs ? "Entries" : "Iterator");
      break;
    case CLEAT_SHAPE_ARGUMENTS:
      cleat__text_add_c(&layout->open, "[Arguments] ");
      break;
    case CLEAT_SHAPE_ARRAY:
    case CLEAT_SHAPE_TYPED_ARRAY:
    case CLEAT_SHAPE_MAP:
    case CLEAT_SHAPE_SET:
      snprintf(size, sizeof size, "(%zu)", subject->size);
      __attribute__((fallthrough));
    default:
      if (layout->base.length > 0 || is_called(subject, "Object")) break;
      if (subject->shape == CLEAT_SHAPE_ARRAY && is_called(subject, "Array")) break;
      cleat__inspect_title(&subject->name, size, &layout->open);
      cleat__text_add_c(&layout->open, " ");
  }
  cleat__text_add_c(&layout->open, is_array ? "[" : "{");
}

static bool is_too_deep(const Inspector* inspector) {
  return inspector->level > inspector->style.depth || inspector->level >= kMostLevels || inspector->bytes > kMostBytes;
}

// Adds an object whose entries are not shown: `[Object]`.
static void add_abbreviated(const Subject* subject, const CleatLayout* layout, CleatText* out) {
  if (layout->base.length > 0) {
    cleat__text_add(out, layout->base.data, layout->base.length);
    return;
  }
  cleat__text_add_c(out, subject->name.null_prototype ? "" : "[");
  cleat__inspect_title(&subject->name, "", out);
  cleat__text_add_c(out, subject->name.null_prototype ? "" : "]");
}

// Prints the entries, one level deeper, and puts it all together.
static void add_layout(Inspector* inspector, const Subject* subject, CleatLayout* layout, CleatText* out) {
  int reference = 0;
  Ancestor self = {subject->object, inspector->ancestors, &reference};
  int level = inspector->level++;
  inspector->deepest = level;
  inspector->ancestors = &self;
  cleat__inspect_entries(inspector, subject, layout);
  inspector->ancestors = self.outer;
  inspector->level = level;
  layout->is_nested = inspector->deepest - level >= kLevelsOfLine;
  if (reference > 0) {
    CleatText* front = layout->base.length > 0 ? &layout->base : &layout->open;
    CleatText whole = {0};
    cleat__text_print(&whole, "<ref *%d> ", reference);
    cleat__text_add(&whole, front->data, front->length);
    cleat__text_free(front);
    *front = whole;
  }
  size_t before = out->length;
  if (layout->base.length > 0 && layout->entries.count == 0) {
    cleat__text_add(out, layout->base.data, layout->base.length);
  } else {
    cleat__layout(layout, &inspector->style, out);
  }
  inspector->bytes += out->length - before;
}

static void inspect_proxy(Inspector* inspector, CleatValue* proxy, CleatText* out) {
  CleatValue* target = cleat__proxy_target(proxy);
  CleatValue* handler = cleat__proxy_handler(proxy);
  if (target == NULL || handler == NULL) {
    cleat__text_add_c(out, "<Revoked Proxy>");
    return;
  }
  if (is_too_deep(inspector)) {
    cleat__text_add_c(out, "[Proxy]");
    return;
  }
  CleatLayout layout = {.close = "]", .is_list = true};
  cleat__text_add_c(&layout.open, "Proxy [");
  inspector->level++;
  cleat__inspect_entry(inspector, &layout, target);
  cleat__inspect_entry(inspector, &layout, handler);
  inspector->level--;
  cleat__layout(&layout, &inspector->style, out);
  cleat__layout_free(&layout);
}

// Adds `[Circular *1]` for an object that is being printed already.
static bool add_circular(Inspector* inspector, CleatValue* object, CleatText* out) {
  for (const Ancestor* ancestor = inspector->ancestors; ancestor != NULL; ancestor = ancestor->outer) {
    if (!cleat__strict_equals(ancestor->object, object)) continue;
    if (*ancestor->reference == 0) *ancestor->reference = ++inspector->references;
    cleat__text_print(out, "[Circular *%d]", *ancestor->reference);
    return true;
  }
  return false;
}

static void inspect_object(Inspector* inspector, CleatValue* object, CleatText* out) {
  if (cleat__is_proxy(object)) {
    inspect_proxy(inspector, object, out);
    return;
  }
  if (add_circular(inspector, object, out)) return;
  Subject subject;
  CleatLayout layout = {0};
  look_at(inspector, object, &subject);
  add_base(inspector, &subject, &layout.base);
  set_braces(&subject, &layout);
  if (!cleat__inspect_has_entries(inspector, &subject)) {
    const CleatText* whole = layout.base.length > 0 ? &layout.base : &layout.open;
    cleat__text_add(out, whole->data, whole->length);
    if (layout.base.length == 0) cleat__text_add_c(out, layout.close);
  } else if (is_too_deep(inspector)) {
    add_abbreviated(&subject, &layout, out);
  } else {
    add_layout(inspector, &subject, &layout, out);
  }
  cleat__layout_free(&layout);
  cleat__inspect_name_free(&subject.name);
}

void cleat__inspect_value(Inspector* inspector, CleatValue* value, CleatText* out) {
  if (!cleat__is_object(value)) {
    cleat__inspect_primitive(inspector->engine, value, &inspector->style, out);
    return;
  }
  CleatScope scope;
  cleat__scope_open(inspector->engine, &scope);
  inspect_object(inspector, value, out);
  cleat__scope_close(inspector->engine, &scope);
}

void cleat__inspect(CleatEngine* engine, CleatValue* value, const CleatInspectStyle* style, CleatText* out) {
  Inspector inspector = {.engine = engine, .style = *style};
  cleat__inspect_value(&inspector, value, out);
}
