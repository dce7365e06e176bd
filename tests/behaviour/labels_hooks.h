// What frees the results of labels.idl.
#ifndef CLEAT_TESTS_BEHAVIOUR_LABELS_HOOKS_H_
#define CLEAT_TESTS_BEHAVIOUR_LABELS_HOOKS_H_

void copies_release(void* memory);

#endif  // CLEAT_TESTS_BEHAVIOUR_LABELS_HOOKS_H_
