#include "marketplace/domain/terms.h"

namespace pdx::domain {

static_assert(names_are_well_formed(names_of(SecurityGrade{})));
static_assert(names_are_well_formed(names_of(OpenKind{})));
static_assert(names_are_well_formed(names_of(PersonalDataLevel{})));
static_assert(names_are_well_formed(names_of(FieldClass{})));
static_assert(names_are_well_formed(names_of(BeneficiaryClass{})));
static_assert(names_are_well_formed(names_of(ProductKind{})));

}  // namespace pdx::domain
