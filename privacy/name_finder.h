#pragma once
/// Finds names of persons in Chinese prose, with their places.
///
/// A candidate begins at a surname (some 470 of one character, and the compound ones) and has one
/// or two characters more; its own characters and what stands on both sides are weighed (see
/// name_features.h), and of overlapping candidates the best stays. Foreign and minority names are
/// found by their middle dot (玛丽·约翰逊) and by a short list. A surname with a title (王女士) and
/// an anonymised name (张某) are no names. It errs to the side of finding too much: for masking, a
/// miss is worse. Measured in docs/PRIVACY.md; it is a help and no proof that a text holds no name.
#include <cstddef>
#include <string_view>
#include <vector>

#include "privacy/name_features.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

/// Appends what is found as Kind::kPersonName, in the order of the text; no two overlap.
/// Requires: well-formed UTF-8. Never throws but std::bad_alloc.
void find_names(std::string_view text, std::vector<Finding>& findings);

/// The candidates that begin at `begin`, shortest first, for what trains the weights. Appends.
void name_candidates(std::string_view text, std::size_t begin, const LeftSide& left,
                     std::vector<NameCandidate>& candidates);

}  // namespace pdx::privacy
