// What buffers.idl releases memory with.
#ifndef BUFFERS_HOOKS_H_
#define BUFFERS_HOOKS_H_

#include <stdint.h>

void buffers_give_back(uint8_t* memory);

#endif  // BUFFERS_HOOKS_H_
