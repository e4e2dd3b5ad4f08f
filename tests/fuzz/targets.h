#pragma once
/// What any bytes from outside must satisfy, one function per format. The fuzzers call them with
/// what they think up, the test `fuzz` with what they kept in corpus/<target>/. A property that
/// does not hold throws; nothing else may.
#include "base/bytes.h"

namespace pdx::fuzz {

void note(ByteView bytes);
void vkey(ByteView bytes);
void checkpoint(ByteView bytes);
void tile_path(ByteView bytes);
void bundle(ByteView bytes);
void proof(ByteView bytes);
void canonical_json(ByteView bytes);
void entry(ByteView bytes);
void policy(ByteView bytes);
void disclosure(ByteView bytes);
void csv(ByteView bytes);
void json_lines(ByteView bytes);
void masking_policy(ByteView bytes);
void encoding(ByteView bytes);
void scan(ByteView bytes);
void statistic_query(ByteView bytes);

}  // namespace pdx::fuzz
