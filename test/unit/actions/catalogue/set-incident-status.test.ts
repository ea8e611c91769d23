import { setIncidentStatus } from '../../../../shared/actions/catalogue/set-incident-status.ts';
import { itReadsResults, itSetsAField } from './console-field-cases.ts';
import { threatSubject } from './trying-out.ts';

const values = { resolved: 'resolved', in_progress: 'in_progress', unresolved: 'unresolved' };

itSetsAField({
  type: setIncidentStatus,
  path: '/threats/incident',
  field: 'threatInfo.incidentStatus',
  parameter: 'status',
  values,
  inRecords: values,
  showing: (incidentStatus) => threatSubject({ incidentStatus }),
});

itReadsResults(setIncidentStatus, (id) => ({ ...threatSubject(), id }));
