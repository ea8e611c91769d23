import { setAnalystVerdict } from '../../../../shared/actions/catalogue/set-analyst-verdict.ts';
import { itReadsResults, itSetsAField } from './console-field-cases.ts';
import { threatSubject } from './trying-out.ts';

const values = {
  true_positive: 'true_positive',
  false_positive: 'false_positive',
  suspicious: 'suspicious',
  undefined: 'undefined',
};

itSetsAField({
  type: setAnalystVerdict,
  path: '/threats/analyst-verdict',
  field: 'threatInfo.analystVerdict',
  parameter: 'verdict',
  values,
  inRecords: values,
  showing: (analystVerdict) => threatSubject({ analystVerdict }),
});

itReadsResults(setAnalystVerdict, (id) => ({ ...threatSubject(), id }));
