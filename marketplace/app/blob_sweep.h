#pragma once
/// What a crash between a stored file and its commit left of the blobs.
#include <cstddef>

#include "marketplace/app/context.h"

namespace pdx::app {

/// After a start: removes uploads that were cut off, and stored blobs that no dataset and no
/// delivery names, because the command that would have named them was never committed.
/// Returns: how many files went. Requires: no upload and no delivery is under way.
std::size_t sweep_blobs(Context& context);

}  // namespace pdx::app
