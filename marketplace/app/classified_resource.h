#pragma once
/// A resource with what is known of each of its columns: the one view on which admission and the
/// policy of a contract are decided.
#include <string_view>
#include <vector>

#include "catalog/store/resource_store.h"
#include "marketplace/domain/admission.h"
#include "privacy/classify.h"
#include "sql/sql.h"

namespace pdx::app {

struct ClassifiedResource {
    catalog::Resource resource;
    /// One per field of the dictionary, in its order. The stricter of what the holder declared and
    /// what the latest dataset shows; unknown when neither says anything, the dataset does not let
    /// itself be classified, or the column waits for a person's review (counted_class).
    std::vector<privacy::ColumnClass> columns;

    domain::RegistrationState state() const;
    /// Null for a name that is no field.
    const privacy::ColumnClass* column(std::string_view name) const;
    /// Facts that nobody keeps yet (a risk assessment, the consent of a body that shared the data)
    /// count as absent: they refuse.
    domain::ResourceFacts facts() const;
};

/// Throws: not_found("resource").
ClassifiedResource load_classified(sql::Connection& db, const ResourceId& id);

}  // namespace pdx::app
