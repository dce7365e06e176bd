// How the calls of fault_test.cc are made to fail.
#ifndef CLEAT_TESTS_CORE_FAULTS_H_
#define CLEAT_TESTS_CORE_FAULTS_H_

// Has call number `number` fail, of those of `function` (NULL: of all), and where `all_that_follow` is set all after
// it.
void ArmFaults(long number, bool all_that_follow, const char* function = nullptr);

// Has `act` done within each call that is to fail, until none do any more; where it returns false, the call does not
// fail. NULL for nothing.
void OnFault(bool (*act)());

// Has none fail until ResumeFaults goes on, with the calls in between not counted.
void PauseFaults();
void ResumeFaults();

// Has none fail any more; returns how many have failed.
long DisarmFaults();

#endif  // CLEAT_TESTS_CORE_FAULTS_H_
