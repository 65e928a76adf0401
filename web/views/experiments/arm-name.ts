import { shortId } from '../../../functions/formatting.ts';
import { plain } from '../../../functions/report/document/plain.ts';
import type { Schema } from '../../api/client.ts';

type Arm = Schema['ExperimentSummary']['baseline'];

/** The name of an arm: its notes, or else the start of its hash. */
export const armOf = ({ notes, config_hash }: Arm): string =>
  plain(notes ?? '', 50) || `Settings ${shortId(config_hash)}`;
