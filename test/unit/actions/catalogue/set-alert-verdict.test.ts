import { setAlertVerdict } from '../../../../shared/actions/catalogue/set-alert-verdict.ts';
import { itSetsAField } from './console-field-cases.ts';
import { alertSubject } from './trying-out.ts';

itSetsAField({
  type: setAlertVerdict,
  path: '/cloud-detection/alerts/analyst-verdict',
  field: 'alertInfo.analystVerdict',
  parameter: 'verdict',
  values: {
    true_positive: 'TRUE_POSITIVE',
    false_positive: 'FALSE_POSITIVE',
    suspicious: 'SUSPICIOUS',
    undefined: 'UNDEFINED',
  },
  inRecords: {
    true_positive: 'True positive',
    false_positive: 'False positive',
    suspicious: 'Suspicious',
    undefined: 'Undefined',
  },
  showing: (analystVerdict) => alertSubject({ analystVerdict }),
});
