#pragma once
/// Which rules found what is personal: a version and a digest for the record of an upload and of a
/// delivery, so that somebody who reads it years later knows what had been looked for.
#include <string>

#include "base/bytes.h"

namespace pdx::privacy {

class PatternSet;

/// Reaches the ledger: never used twice. Raise it with every change of what is found that
/// detector_text() does not show: code, and word tables that are in no line of it.
inline constexpr int kDetectorVersion = 2;

/// The rules in one canonical text, in the order of their tables and without any value of data.
/// Shape: lines that end in LF, words parted by single spaces:
///     pdx-detector 2                               the version
///     kinds 59                                     the number of the lines below, and so on
///     kind mobile direct_identifier 541300         code, class, chance in ppm (detect.h)
///     identifiers 17
///     identifier mobile 7500 5413                  share and chance in basis points
///     chances 83 2933 29                           of identifier_rules.h
///     headers 105
///     header chinese person_name specific 姓名|... as header.h
///     surnames 王李张...                             all of words.h, those of two characters last
///     characters 20992 <hex>                       SHA-256 of kCharTraits, two bytes each, big end
std::string detector_text();

/// SHA-256 of detector_text(). Computed once. Thread: any.
const Digest& detector_digest();
/// The same where numbers of its own are stated: SHA-256 of detector_text() and PatternSet::text().
/// `patterns` may be null.
Digest detector_digest(const PatternSet* patterns);

}  // namespace pdx::privacy
