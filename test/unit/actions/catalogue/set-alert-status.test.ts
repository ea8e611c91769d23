import { setAlertStatus } from '../../../../shared/actions/catalogue/set-alert-status.ts';
import { itSetsAField } from './console-field-cases.ts';
import { alertSubject } from './trying-out.ts';

itSetsAField({
  type: setAlertStatus,
  path: '/cloud-detection/alerts/incident',
  field: 'alertInfo.incidentStatus',
  parameter: 'status',
  values: { resolved: 'RESOLVED', in_progress: 'IN_PROGRESS', unresolved: 'UNRESOLVED' },
  inRecords: { resolved: 'Resolved', in_progress: 'In progress', unresolved: 'Unresolved' },
  showing: (incidentStatus) => alertSubject({ incidentStatus }),
});
